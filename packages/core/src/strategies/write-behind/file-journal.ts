import { copyFile, type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Clock, TimerHandle } from '../../clock.ts'
import { TierError, warn } from '../../error.ts'
import type { Change } from '../../change.ts'
import type { Journal, JournalEntry } from '../../journal.ts'
import { type ChangeFrame, contentsOf, frameOf, HEADER } from './journal-format.ts'
import { lockFile } from './lock-file.ts'

/** A file that is larger, and mostly done, is written anew. */
const COMPACT_BYTES = 1 << 20

/** Frames that are written together. */
interface Group {
  readonly frames: Buffer[]
  readonly written: PromiseWithResolvers<void>
}

type Live = Pick<ChangeFrame, 'collection' | 'change'> & { readonly frame: Buffer }

/**
 * A journal in a file that only grows, until what is done outweighs what is not; then it is written anew. What comes
 * together is one write and, with `fsync: 'always'`, one fsync. A frame that the end of the machine cut off was never
 * acknowledged, and is dropped.
 */
export class FileJournal implements Journal {
  readonly #path: string
  readonly #fsync: 'always' | 'never' | number
  readonly #clock: Clock
  readonly #unlock: () => Promise<void>
  /** By id, in the order of `append`. */
  readonly #live = new Map<string, Live>()
  /** Those of an earlier process that nobody has asked for. */
  readonly #left: Set<string>
  #file: FileHandle
  #bytes: number
  #liveBytes = 0
  #lastId = 0
  #group: Group | undefined
  #writing: Promise<void> = Promise.resolve()
  #broken: unknown
  #syncTimer: TimerHandle
  #isClosed = false

  /**
   * Opens the file, or makes it.
   *
   * @throws ConfigError while another process has it open; what the file system throws.
   */
  static async open(path: string, fsync: 'always' | 'never' | number, clock: Clock): Promise<FileJournal> {
    const unlock = await lockFile(`${path}.lock`)
    try {
      const file = await open(path, 'a+')
      const bytes = await file.readFile()
      const { frames, length, rest } = contentsOf(bytes)
      if (rest === 'damaged') await keepDamaged(path)
      if (rest !== 'none') await file.truncate(length)
      if (length === 0) await file.appendFile(HEADER)
      const journal = new FileJournal(path, fsync, clock, unlock, file, Math.max(length, HEADER.length))
      for (const frame of frames) {
        if (frame.kind === 'change') journal.#begin(frame, frameOf(frame))
        else for (const id of frame.ids) journal.#end(id)
      }
      for (const id of journal.#live.keys()) journal.#left.add(id)
      return journal
    } catch (error) {
      await unlock()
      throw error
    }
  }

  private constructor(path: string, fsync: 'always' | 'never' | number, clock: Clock, unlock: () => Promise<void>, file: FileHandle, bytes: number) {
    this.#path = path
    this.#fsync = fsync
    this.#clock = clock
    this.#unlock = unlock
    this.#file = file
    this.#bytes = bytes
    this.#left = new Set()
  }

  async replay(collection: string): Promise<readonly JournalEntry[]> {
    const ids = [...this.#left].filter((id) => this.#live.get(id)!.collection === collection)
    for (const id of ids) this.#left.delete(id)
    return ids.map((id) => ({ id, change: this.#live.get(id)!.change }))
  }

  async append(collection: string, _keyText: string, change: Change<unknown, unknown>): Promise<string> {
    if (this.#isClosed) throw new TierError('journal', 'closed')
    const id = String(this.#lastId + 1)
    const frame = frameOf({ kind: 'change', id, collection, change })
    this.#begin({ id, collection, change }, frame)
    try {
      await this.#write(frame)
    } catch (error) {
      this.#end(id)
      throw error
    }
    return id
  }

  async done(_collection: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#end(id)
    // Written again at the next start: that is no harm.
    if (!this.#isClosed) await this.#write(frameOf({ kind: 'done', ids }))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#clock.clearTimeout(this.#syncTimer)
    await this.#writing
    if (this.#fsync !== 'never' && this.#broken === undefined) await this.#file.datasync()
    await this.#file.close()
    await this.#unlock()
  }

  #begin({ id, collection, change }: Omit<ChangeFrame, 'kind'>, frame: Buffer): void {
    this.#live.set(id, { collection, change, frame })
    this.#liveBytes += frame.length
    this.#lastId = Math.max(this.#lastId, Number(id))
  }

  #end(id: string): void {
    const live = this.#live.get(id)
    if (live === undefined) return
    this.#live.delete(id)
    this.#liveBytes -= live.frame.length
  }

  #write(frame: Buffer): Promise<void> {
    let group = this.#group
    if (group === undefined) {
      const opened: Group = { frames: [], written: Promise.withResolvers() }
      group = this.#group = opened
      this.#writing = this.#writing.then(() => this.#writeGroup(opened))
    }
    group.frames.push(frame)
    return group.written.promise
  }

  /** Never rejects: those who wait for the group are told. */
  async #writeGroup(group: Group): Promise<void> {
    // What comes from now on is the next group.
    this.#group = undefined
    try {
      if (this.#broken !== undefined) throw this.#broken
      await this.#append(Buffer.concat(group.frames))
      group.written.resolve()
    } catch (error) {
      group.written.reject(new TierError('journal', 'it cannot be written', { cause: error }))
    }
    if (this.#bytes > COMPACT_BYTES && this.#bytes > 2 * this.#liveBytes) await this.#compact()
  }

  async #append(bytes: Buffer): Promise<void> {
    try {
      await this.#file.appendFile(bytes)
      if (this.#fsync === 'always') await this.#file.datasync()
    } catch (error) {
      // A part of a frame must not stand before others. After a failed fsync nobody knows what is on the disk.
      await this.#file.truncate(this.#bytes).catch((failure: unknown) => (this.#broken = failure))
      throw error
    }
    this.#bytes += bytes.length
    if (typeof this.#fsync === 'number') this.#syncTimer ??= this.#clock.setTimeout(() => this.#syncLater(), this.#fsync)
  }

  #syncLater(): void {
    this.#syncTimer = undefined
    const sync = async (): Promise<void> => {
      if (!this.#isClosed) await this.#file.datasync()
    }
    this.#writing = this.#writing.then(sync).catch((error: unknown) => warn('fsync of the journal', error))
  }

  /** What is not done, in a new file that takes the old one's place. */
  async #compact(): Promise<void> {
    const draft = `${this.#path}.new`
    try {
      const bytes = Buffer.concat([HEADER, ...[...this.#live.values()].map(({ frame }) => frame)])
      const file = await open(draft, 'w')
      await file.writeFile(bytes)
      await file.datasync()
      await file.close()
      await rename(draft, this.#path)
      await syncFolder(dirname(this.#path))
      const old = this.#file
      this.#file = await open(this.#path, 'a+')
      this.#bytes = bytes.length
      await old.close()
    } catch (error) {
      warn('compacting the journal', error)
      await rm(draft, { force: true }).catch(() => {})
    }
  }
}

/** What cannot be read is not lost: somebody may know what to do with it. */
async function keepDamaged(path: string): Promise<void> {
  const copy = `${path}.damaged-${Date.now()}`
  await copyFile(path, copy)
  process.emitWarning(`the journal '${path}' is damaged; what can be read of it is used, a copy is kept as '${copy}'`, 'StratacacheWarning')
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  // Not every system knows it of folders.
  await folder.sync().catch(() => {})
  await folder.close()
}
