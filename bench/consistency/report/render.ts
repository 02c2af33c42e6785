import { countOf, doubleLoadsOf, type Results, type SceneReport } from './results.ts'

const OURS = 'stratacache'

export function render({ date, node, cpus, command, scenes }: Results): string {
  const ours = scenes.filter(({ library }) => library === OURS)
  const rivals = [...new Set(scenes.map(({ library }) => library))].filter((library) => library !== OURS)
  const sum = (all: readonly SceneReport[], what: (scene: SceneReport) => number): number => all.reduce((total, scene) => total + what(scene), 0)
  return [
    '# What callers were given while things went wrong',
    `Written by \`${command}\` on ${date}: Node ${node}, ${cpus} CPUs. Do not edit.`,
    ABOUT,
    '## In all',
    table(
      ['', 'operations', 'reads', 'violations', 'per million reads', 'loads too many', 'processes that crashed, hung or rejected unheard'],
      [OURS, ...rivals].map((library) => {
        const own = scenes.filter((scene) => scene.library === library)
        const [reads, violations] = [sum(own, (scene) => scene.reads), sum(own, countOf)]
        return [library, count(sum(own, (scene) => scene.operations)), count(reads), count(violations), perMillion(violations, reads), count(sum(own, doubleLoadsOf)), count(sum(own, (scene) => scene.complaints.length))]
      }),
    ),
    '## Fault by fault',
    'For stratacache operations and violations, for the others violations per million reads. Their scenes are shorter, and only on a single server.',
    table(
      ['fault', 'on', 'seed', 'operations', `${OURS}: violations`, ...rivals],
      ours.map((scene) => {
        const others = rivals.map((library) => {
          const same = scenes.find((each) => each.library === library && each.scene === scene.scene && each.topology === scene.topology)
          return same === undefined ? '' : perMillion(countOf(same), same.reads)
        })
        return [scene.scene, scene.topology, String(scene.seed), count(scene.operations), count(countOf(scene) + doubleLoadsOf(scene)), ...others]
      }),
    ),
    '## Of what kind',
    table(
      ['', ...RULES],
      [OURS, ...rivals].map((library) => [library, ...RULES.map((rule) => count(sum(scenes.filter((scene) => scene.library === library), ({ violations }) => violations[rule] ?? 0)))]),
    ),
    '## One of each',
    ...[OURS, ...rivals].flatMap((library) => {
      const first = scenes.find((scene) => scene.library === library && scene.story !== undefined)
      return first === undefined ? [] : [`${library}, ${first.scene}, seed ${first.seed}:`, `\`\`\`\n${first.story!}\n\`\`\``]
    }),
    '',
  ].join('\n\n')
}

const RULES = ['stale', 'outlived', 'reordered', 'loaded twice', 'failed', 'corrupt'] as const

const ABOUT = `Processes with two caches each, one with memory and Redis and one with Redis alone, read, load, write and invalidate rows of
a PostgreSQL table, each row with a version, while things are broken on purpose. Every call is recorded with its begin and its
end on one clock and judged afterwards (docs/design/coherence.md, G1 to G5):

- stale: the value is older than a version whose invalidation had been confirmed before the read began. Where a read may be
  answered from its process's own memory, or wait for a load that is under way there, invalidations of other processes count
  1.3 s later (\`maxUnsynced\` + heartbeat; the others are given the same). After the shared tier was taken back to an earlier
  state, from one second after the first contact on.
- outlived: the same for a value of whatever version whose load began before the invalidation. Asked of stratacache alone.
- reordered: an older \`set\` in place of a newer one.
- loaded twice: a load while another process was loading the key or had loaded it. Judged where nothing is broken.
- failed: an error or nothing for a caller whose loader works. Loaders that fail on purpose do not count.
- corrupt: a value that was never written.`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}

const count = (number: number): string => number.toLocaleString('en-US')
const perMillion = (violations: number, reads: number): string => (violations === 0 ? '0' : count(Math.max(1, Math.round((violations / reads) * 1e6))))
