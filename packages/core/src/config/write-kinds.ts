import { writeAround } from '../strategies/write-around.ts'
import { writeBehind } from '../strategies/write-behind.ts'
import type { WriteBehindOptions } from '../strategies/write-behind/options.ts'
import { writeThrough } from '../strategies/write-through.ts'
import type { WriteKind } from './kind.ts'
import { count, duration, type FieldsOf, listOf, object, text } from './shape.ts'

/* A description says what the doc comment of the option says. */

const writeThroughKind: WriteKind<object, 'writeThrough'> = {
  kind: 'write',
  use: 'writeThrough',
  options: object({}, { description: 'The source first, then every tier.' }),
  create: writeThrough,
}

const writeAroundKind: WriteKind<object, 'writeAround'> = {
  kind: 'write',
  use: 'writeAround',
  options: object({}, { description: 'The source first; then the key is invalidated.' }),
  create: writeAround,
}

interface JournalData {
  readonly path?: string | undefined
  readonly fsync?: string | undefined
  readonly tier?: string | undefined
}

/** As data: a journal is a file, or a tier by its name. */
interface WriteBehindData extends Omit<WriteBehindOptions, 'deadLetter' | 'signals' | 'journal'> {
  readonly signals?: readonly string[] | undefined
  readonly journal?: string | JournalData | undefined
}

const writeBehindKind: WriteKind<WriteBehindData, 'writeBehind'> = {
  kind: 'write',
  use: 'writeBehind',
  options: object(
    {
      delay: duration({ default: 100, description: 'How long a change waits for others.' }),
      maxBatch: count({ default: 100, description: 'The most changes of one batch.' }),
      maxQueue: count({ default: 10_000, description: 'The most keys that wait, in each collection; further changes wait to be accepted.' }),
      retry: object(
        {
          attempts: count({ default: 10, description: 'Attempts before deadLetter is called, where the collection has one.' }),
          backoff: duration({ default: 100, description: 'How long after the first failure a change is tried again; doubled each time.' }),
          maxBackoff: duration({ default: '30s', description: 'The longest pause.' }),
        } satisfies FieldsOf<NonNullable<WriteBehindOptions['retry']>>,
        { description: 'How a change that failed is tried again.' },
      ),
      drain: duration({ default: '5s', description: 'How long close(), and the process on one of the signals, waits for the queue to empty.' }),
      signals: listOf(text(), { default: ['SIGTERM'], description: 'On which signals to empty the queue.' }),
      journal: object(
        {
          path: text({ description: 'The file; made where it is missing. One process at a time.' }),
          fsync: text({ default: 'always', description: "When what is appended is on the disk: 'always' before the change is accepted, a duration, or 'never'." }),
          tier: text({ description: 'Instead of a file: the name of a shared tier that keeps one, such as redis.' }),
        } satisfies FieldsOf<JournalData>,
        { description: 'What accepted changes survive in. Default: nothing.', someOf: ['path', 'tier'], short: 'tier' },
      ),
    } satisfies FieldsOf<WriteBehindData>,
    { description: 'A change is accepted at once, and reaches the source a little later, together with others.' },
  ),
  create: ({ journal, ...options }) => writeBehind({ ...options, ...(journal && { journal: typeof journal === 'string' ? journal : (journal.tier ?? journal) }) } as WriteBehindOptions),
}

export type WriteBuiltIn = typeof writeThroughKind | typeof writeAroundKind | typeof writeBehindKind

export const WRITE_BUILT_IN: readonly WriteKind[] = [writeThroughKind, writeAroundKind, writeBehindKind]
