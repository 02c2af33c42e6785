import { describe, expect, it } from 'vitest'
import { RedisJournal } from '../src/journal.ts'
import { Keys } from '../src/keys.ts'
import type { Session } from '../src/session.ts'

/** Answers as told, and remembers what it was asked. */
class Script {
  readonly asked: { readonly what: string; readonly ids: readonly string[] }[] = []
  answer: (what: string) => unknown = () => []

  readonly session = {
    enter: async () => new Keys('strata'),
    deadline: () => '0',
    run: (what: string, _script: unknown, _keys: unknown, args: readonly string[]) => this.#ask(what, args),
    runAcknowledged: (what: string, _script: unknown, _keys: unknown, args: readonly string[]) => this.#ask(what, args),
  } as unknown as Session

  async #ask(what: string, args: readonly string[]): Promise<unknown> {
    this.asked.push({ what, ids: args.slice(1) })
    return this.answer(what)
  }

  get done(): readonly (readonly string[])[] {
    return this.asked.filter(({ what }) => what === 'done').map(({ ids }) => ids)
  }
}

const buffers = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text))
const entry = Buffer.from('entry')

describe('an append that failed', () => {
  it('is looked for, and what was not accepted is taken out, what was is not', async () => {
    const script = new Script()
    const journal = new RedisJournal(script.session, 300)
    script.answer = (what) => (what === 'append' ? Buffer.from('1-0') : buffers('2-0', 'adopted'))
    await journal.append('c', 'k', entry)
    await journal.adopt('c')
    expect(script.asked.map(({ what }) => what)).toEqual(['append', 'adopt'])
    script.answer = () => {
      throw new Error('connection lost')
    }
    await expect(journal.append('c', 'k', entry)).rejects.toThrow('connection lost')
    script.answer = (what) => (what === 'own' ? buffers('1-0', '2-0', '3-0') : [])
    await journal.adopt('c')
    expect(script.done).toEqual([['3-0']])
    // Nothing is in doubt any more.
    script.asked.length = 0
    await journal.adopt('c')
    expect(script.asked.map(({ what }) => what)).toEqual(['adopt'])
  })

  it('is not mistaken for one that is under way', async () => {
    const script = new Script()
    const journal = new RedisJournal(script.session, 300)
    script.answer = () => {
      throw new Error('connection lost')
    }
    await expect(journal.append('c', 'k', entry)).rejects.toThrow()
    let append: Promise<string> | undefined
    script.answer = (what) => {
      if (what === 'append') return Buffer.from('7-0')
      if (what !== 'own') return []
      append = journal.append('c', 'k', entry)
      return append.then(() => buffers('7-0'))
    }
    await journal.adopt('c')
    expect(await append).toBe('7-0')
    expect(script.done).toEqual([])
  })
})
