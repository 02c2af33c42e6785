import { dirname, join } from 'node:path/posix'

/**
 * Who may import whom inside packages/core/src, type imports included. A module is a file
 * (`key` is key.ts) or a whole folder (`memory/`), whose files may import each other.
 *
 * - below: the layers a module may import.
 * - peers: whether it may also import other modules of its own layer.
 */
const layers = {
  values: {
    modules: ['duration', 'clock', 'key', 'error', 'random', 'option-check', 'option-issues'],
    below: [],
    peers: true,
  },
  contracts: {
    modules: [
      'entry', 'store', 'shared-store', 'serializer', 'unclonable', 'exact-json', 'json', 'structured-serializer', 'checksum',
      'compression', 'keyring', 'encryption', 'encoding', 'codec', 'read-strategy', 'change', 'journal', 'write-strategy', 'invalidation',
      'loader', 'events', 'tier', 'options',
    ],
    below: ['values'],
    peers: true,
  },
  mechanisms: {
    modules: [
      'single-flight', 'stamp-table', 'server-time', 'circuit-breaker', 'deadline', 'outbox', 'ring', 'batcher',
      'turns', 'emitter', 'stats', 'diagnostics', 'argument-key', 'memory/', 'strategies/',
    ],
    below: ['values', 'contracts'],
    peers: false,
  },
  orchestration: {
    modules: [
      'scope', 'hot-path', 'tier-stack', 'shared-link', 'shared-tier', 'connectors', 'follower', 'invalidator', 'engine',
      'shared-read', 'shared-write', 'shared-journal', 'storable', 'permit', 'load', 'read', 'shadow', 'write', 'tier-switch', 'explanation', 'shared-explain', 'explain', 'stats-snapshot',
    ],
    below: ['values', 'contracts', 'mechanisms'],
    peers: true,
  },
  facade: {
    modules: ['cache', 'tiered-cache', 'attach', 'wrap', 'collection', 'collection-options', 'load-batch', 'load-many', 'create-cache', 'config/', 'decorators/'],
    below: ['values', 'contracts', 'mechanisms', 'orchestration'],
    peers: true,
  },
  entry: {
    modules: ['index', 'config', 'decorators', 'shared'],
    below: ['values', 'contracts', 'mechanisms', 'orchestration', 'facade'],
    peers: false,
  },
}

/** The complaints about one source file of a package; `path` is relative to the repository. */
export function checkFile(path, source) {
  const [, packageName, , ...rest] = path.split('/')
  const imports = importsOf(source)
  const complaints = imports.flatMap((specifier) => checkPackage(packageName, path, specifier))
  if (packageName === 'core') complaints.push(...checkLayer(rest.join('/'), imports))
  return complaints.map((complaint) => `${path}: ${complaint}`)
}

/** What a file imports or re-exports, statically or not, values and types alike. */
export function importsOf(source) {
  const fixed = /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm
  const dynamic = /\bimport\(\s*['"]([^'"]+)['"]/g
  return [...source.matchAll(fixed), ...source.matchAll(dynamic)].map((m) => m[1] ?? m[2])
}

function checkPackage(packageName, path, specifier) {
  if (specifier.startsWith('.')) {
    const inside = join(dirname(path), specifier).startsWith(`packages/${packageName}/src/`)
    return inside ? [] : [`'${specifier}' leaves the package's src`]
  }
  if (packageName === 'core') {
    return specifier.startsWith('node:') ? [] : [`core has no dependencies, but imports '${specifier}'`]
  }
  const sibling = /^@stratacache\/(?!core(\/|$))/.test(specifier)
  return sibling ? [`'${specifier}' is a sibling; a package depends on core only`] : []
}

function checkLayer(file, imports) {
  const from = locate(file)
  if (from === undefined) {
    return ['belongs to no layer; name its module in scripts/layers.mjs']
  }
  return imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => locate(join(dirname(file), specifier)))
    .filter((to) => to !== undefined && !allows(from, to))
    .map((to) => `${from.module} (${from.layer}) must not import ${to.module} (${to.layer})`)
}

function allows(from, to) {
  if (from.module === to.module) return true
  const { below, peers } = layers[from.layer]
  return from.layer === to.layer ? peers : below.includes(to.layer)
}

function locate(file) {
  const [first, ...rest] = file.split('/')
  const module = rest.length > 0 ? `${first}/` : first.replace(/\.ts$/, '')
  for (const [layer, { modules }] of Object.entries(layers)) {
    if (modules.includes(module)) return { layer, module }
  }
  return undefined
}
