import { describe, expect, it } from 'vitest'
import { gate } from '../testing/gate.ts'
import { Turns } from '../src/turns.ts'

describe('turns', () => {
  it('what concerns one key runs one after another, and nothing is left behind', async () => {
    const turns = new Turns()
    const gates = [gate(), gate(), gate()]
    const order: string[] = []
    const run = (index: number): Promise<number> =>
      turns.run('k', async () => {
        order.push(`begin ${index}`)
        await gates[index]!.pass()
        order.push(`end ${index}`)
        if (index === 0) throw new Error('first')
        return index
      })
    const first = run(0).catch(() => -1)
    const second = run(1)
    await gates[0]!.reached
    gates[0]!.open()
    await gates[1]!.reached
    const third = run(2)
    expect(turns.under().length).toBe(1)
    gates[1]!.open()
    gates[2]!.open()
    expect(await Promise.all([first, second, third])).toEqual([-1, 1, 2])
    expect(order).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
    expect(turns.under()).toEqual([])
  })
})
