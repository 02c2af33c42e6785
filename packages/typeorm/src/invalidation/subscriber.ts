import { type EntitySubscriberInterface, EventSubscriber, type QueryRunner } from 'typeorm'
import { schemaOf } from '../schema/schemas.ts'
import { addEverything } from './changes-of-write.ts'
import { addEvent, addGenerated, type EntityEvent } from './entity-events.ts'
import type { Executed, Executing, WriteWatch } from './write-watch.ts'

/** A class of subscribers, as `DataSourceOptions.subscribers` takes it. */
export type SubscriberClass = new () => EntitySubscriberInterface

interface RunnerEvent {
  readonly queryRunner: QueryRunner
}

type SavedEvent = EntityEvent & RunnerEvent

interface Follows {
  readonly readsSql: boolean
  readonly keepsLog: boolean
}

/**
 * The subscriber that hands TypeORM's events to a watch. It never throws and never rejects: TypeORM would take the write for
 * failed.
 *
 * @param follows.readsSql whether writes are found in SQL; if not, entity events tell of them
 * @param follows.keepsLog whether what is to be invalid is written down before a commit
 */
export function subscriberClass(watch: WriteWatch, { readsSql, keepsLog }: Follows, report: (error: unknown) => void): SubscriberClass {
  /** What cannot be made out may have changed anything. */
  const failed = async (queryRunner: QueryRunner, error: unknown): Promise<void> => {
    report(error)
    try {
      await watch.add(queryRunner, (changes) => addEverything(changes, schemaOf(queryRunner.dataSource)))
    } catch (reason) {
      report(reason)
    }
  }
  const guarded = <E extends RunnerEvent>(handle: (event: E) => Promise<void> | void | undefined) =>
    (event: E): Promise<void> | void => {
      try {
        return handle(event)?.catch((error: unknown) => failed(event.queryRunner, error))
      } catch (error) {
        return failed(event.queryRunner, error)
      }
    }
  const saved = (isRemoval: boolean) =>
    guarded<SavedEvent>((event) => watch.add(event.queryRunner, (changes) => addEvent(changes, event, isRemoval)))

  class Subscriber implements EntitySubscriberInterface {
    readonly afterQuery = guarded<Executed>((event) => watch.executed(event))
    readonly afterTransactionStart = guarded<RunnerEvent>(({ queryRunner }) => watch.begun(queryRunner))
    readonly afterTransactionCommit = guarded<RunnerEvent>(({ queryRunner }) => watch.committed(queryRunner))
    readonly afterTransactionRollback = guarded<RunnerEvent>(({ queryRunner }) => watch.rolledBack(queryRunner))
    readonly beforeTransactionCommit?: (event: RunnerEvent) => Promise<void> | void
    readonly beforeQuery?: (event: Executing) => Promise<void> | void

    constructor() {
      if (!keepsLog) return
      this.beforeTransactionCommit = guarded<RunnerEvent>(({ queryRunner }) => watch.committing(queryRunner))
      this.beforeQuery = guarded<Executing>((event) => watch.executing(event))
    }
  }
  class EventSubscriberOnly extends Subscriber {
    readonly afterInsert = saved(false)
    readonly afterUpdate = saved(false)
    readonly afterRemove = saved(true)
    readonly afterSoftRemove = saved(false)
    readonly afterRecover = saved(false)
  }
  class SqlSubscriber extends Subscriber {
    // Outside of a transaction the write has been delivered already, and nothing that is cached depends on a row that was not there.
    readonly afterInsert = guarded<SavedEvent>((event) =>
      watch.transaction(event.queryRunner).isOpen ? watch.add(event.queryRunner, (changes) => addGenerated(changes, event)) : undefined)
  }
  const chosen = readsSql ? SqlSubscriber : EventSubscriberOnly
  // Without this, TypeORM leaves it out in silence.
  EventSubscriber()(chosen)
  return chosen
}
