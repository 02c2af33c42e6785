import type { App } from '../app.ts'
import type { Telling } from '../telling.ts'

/** What every part of the story works with: two processes, and who tells of them. */
export interface Stage {
  readonly a: App
  readonly b: App
  readonly telling: Telling
}
