import type { TierError } from '@stratacache/core'
import { RefusedError } from '@stratacache/core/shared'
import { type ManualClock, manualClock, rest, SharedMemory } from '@stratacache/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { CircuitBreaker } from '../src/circuit-breaker.ts'
import { SharedLink } from '../src/shared-link.ts'

describe('the circuit breaker', () => {
  let clock: ManualClock
  let breaker: CircuitBreaker
  const pass = (): boolean => breaker.tryPass()

  beforeEach(() => {
    clock = manualClock()
    breaker = new CircuitBreaker(clock, 3, 1_000)
  })

  /** Fails as often as it takes. */
  const open = (): void => {
    for (let i = 0; i < 3; i++) breaker.fail(breaker.era)
  }

  it('closed: lets everything pass, and opens after failures in a row', () => {
    expect([breaker.fail(0), breaker.fail(0), breaker.succeed(), breaker.fail(0), breaker.fail(0)]).toEqual([false, false, false, false, false])
    expect([breaker.state, pass(), pass()]).toEqual(['closed', true, true])
    expect(breaker.fail(0)).toBe(true)
    expect([breaker.state, pass()]).toEqual(['open', false])
  })

  it('open: lets nothing pass until its cooldown is over or somebody has seen the backend; then one probe', async () => {
    open()
    await clock.advance(999)
    expect(pass()).toBe(false)
    await clock.advance(1)
    expect([pass(), pass(), breaker.state]).toEqual([true, false, 'halfOpen'])
    expect([breaker.fail(breaker.era), pass()]).toEqual([false, false])
    breaker.hint()
    expect([pass(), pass()]).toEqual([true, false])
  })

  it('half open: closes when the probe is answered, and opens for another cooldown when it is not', async () => {
    open()
    await clock.advance(1_000)
    pass()
    expect(breaker.fail(breaker.era)).toBe(false)
    await clock.advance(999)
    expect(pass()).toBe(false)
    await clock.advance(1)
    expect([pass(), breaker.succeed(), breaker.state]).toEqual([true, true, 'closed'])
    expect([pass(), pass()]).toEqual([true, true])
  })

  it('half open: what was asked before the probe and fails now lets no second probe pass', async () => {
    const before = breaker.era
    open()
    breaker.fail(before)
    await clock.advance(1_000)
    pass()
    breaker.fail(before)
    breaker.hint()
    expect([breaker.state, pass()]).toEqual(['halfOpen', false])
    // A late answer is an answer: the backend is there.
    expect([breaker.succeed(), breaker.state]).toEqual([true, 'closed'])
    expect([breaker.fail(before), breaker.fail(before), breaker.fail(before), breaker.state]).toEqual([false, false, false, 'closed'])
  })

  it('open: what was asked before it opened and fails later does not prolong its cooldown', async () => {
    open()
    await clock.advance(500)
    breaker.fail(breaker.era)
    await clock.advance(500)
    expect(pass()).toBe(true)
  })
})

describe('the circuit breaker of a link', () => {
  const setUp = () => {
    const clock = manualClock()
    const backend = new SharedMemory({ clock, commandTimeout: 100 })
    const link = new SharedLink(backend.open(), { clock, random: () => 0.5, breakerFailures: 3, breakerCooldown: 1_000 })
    const ask = (count: number): Promise<string[]> =>
      Promise.all(Array.from({ length: count }, (_, i) => link.inspect(`k${i}`).then(() => 'answered', (error: TierError) => error.message)))
    return { clock, backend, link, ask }
  }

  it('lets one of many concurrent questions through while it is half open', async () => {
    const { clock, backend, link, ask } = setUp()
    backend.faults.down()
    await ask(3)
    expect(link.breaker.state).toBe('open')
    await clock.advance(1_000)
    backend.faults.up()
    const held = backend.faults.holdRequest('connect')
    const asking = ask(100)
    await held.reached
    const more = ask(100)
    await rest()
    held.open()
    const outcomes = [...(await asking), ...(await more)]
    expect(backend.faults.executed).toEqual(['connect', 'inspect'])
    expect(outcomes.filter((outcome) => outcome === 'answered')).toHaveLength(1)
    expect(new Set(outcomes.slice(1))).toEqual(new Set(['tier "shared": not asked: its circuit breaker is open']))
    expect([link.breaker.state, new Set(await ask(10))]).toEqual(['closed', new Set(['answered'])])
  })

  it('has one probe under way at a time, also where answers take longer than the cooldown', async () => {
    const clock = manualClock()
    let sent = 0
    const hang = (): Promise<never> => {
      sent++
      return new Promise(() => {})
    }
    const store = Object.assign(new SharedMemory({ clock, commandTimeout: 5_000 }).open(), { inspect: hang })
    const link = new SharedLink(store, { clock, random: () => 0.5, breakerFailures: 2, breakerCooldown: 1_000 })
    const ask = (): void => void link.inspect('k').catch(() => {})
    // Two that open it at 5 s, and one that is late when the first probe is under way, at 9.5 s.
    ask()
    ask()
    await clock.advance(4_500)
    ask()
    await clock.advance(1_500)
    expect([sent, link.breaker.state]).toEqual([3, 'open'])
    for (let i = 0; i < 45; i++) {
      ask()
      await clock.advance(100)
    }
    expect([sent, link.breaker.state]).toEqual([4, 'halfOpen'])
  })

  it('takes an error for an answer where the tier says that it refused', async () => {
    const { clock, backend, link, ask } = setUp()
    await ask(1)
    backend.faults.refuse('inspect')
    expect(new Set(await ask(10))).toEqual(new Set(['tier "shared": refused']))
    expect(link.breaker.state).toBe('closed')
    backend.faults.down()
    await ask(3)
    expect(link.breaker.state).toBe('open')
    // A probe that is refused was answered.
    await clock.advance(1_000)
    backend.faults.up()
    backend.faults.refuse('inspect')
    await ask(1)
    expect(link.breaker.state).toBe('closed')
    await expect(link.inspect('k')).rejects.toBeInstanceOf(RefusedError)
  })

  it('counts what is not answered in time, and what fails otherwise', async () => {
    for (const fault of ['hang', 'down'] as const) {
      const { clock, backend, link, ask } = setUp()
      backend.faults[fault]()
      const asking = ask(3)
      await clock.advance(100)
      await asking
      expect(link.breaker.state).toBe('open')
    }
  })
})
