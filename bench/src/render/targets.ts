import { isMet, type Target } from '../target.ts'
import { markdown, number } from './markdown.ts'

export function renderTargets(targets: readonly Target[]): string {
  return markdown(
    ['target', 'limit', 'measured', 'met'],
    targets.map((target) => {
      const { text, rule, limit, measured, unit } = target
      return [text, `${rule} ${number(limit)}${unit}`, `${number(measured)}${unit}`, isMet(target) ? 'yes' : 'no']
    }),
  )
}
