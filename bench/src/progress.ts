import { isTTY, progress } from '@clack/prompts'

/** Begins so many steps of like length; what it returns is told of each as it begins. */
export type Steps = (count: number) => (what: string) => void

export interface Progress {
  /** A section that takes about so many seconds begins. */
  section(name: string, seconds: number): Steps
  /** The section that has begun last is done. */
  done(): void
  close(): void
}

/** Seconds it will take, all in all. A bar on a terminal, else a line per section. */
export const openProgress = (seconds: number): Progress => (isTTY(process.stdout) ? bar(seconds) : lines())

function bar(total: number): Progress {
  const shown = progress({ max: total, size: 40, style: 'heavy' })
  shown.start('')
  let [name, left] = ['', 0]
  const advance = (seconds: number): void => {
    shown.advance(Math.min(left, seconds))
    left = Math.max(0, left - seconds)
  }
  return {
    section(begun, seconds) {
      name = begun
      left = seconds
      shown.message(name)
      return (count) => {
        const each = seconds / count
        let isFirst = true
        return (what) => {
          if (!isFirst) advance(each)
          isFirst = false
          shown.message(`${name}: ${what}`)
        }
      }
    },
    done: () => advance(left),
    close: () => shown.stop('done'),
  }
}

function lines(): Progress {
  let [name, begun] = ['', 0]
  return {
    section(started) {
      name = started
      begun = performance.now()
      return () => () => {}
    },
    done: () => console.log(`${name}: ${Math.round((performance.now() - begun) / 1_000)} s`),
    close: () => {},
  }
}
