#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { ConfigError, type ConfigIssue, describeValue } from '@stratacache/core'
import { Command } from 'commander'
import { check, print, schema } from './commands.ts'

const FILE = 'a configuration: .yaml, .yml, .json, .ts, .mts, .js or .mjs'

const program = new Command('stratacache').description('Configurations of stratacache.').version(version())
command('check', 'tells whether a configuration is right, or every mistake in it; connects to nothing').argument('<file>', FILE).action(answering(check))
command('print', 'shows what a configuration comes to: variables and defaults in place, secrets masked')
  .argument('<file>', FILE)
  .option('--json', 'as JSON, not YAML')
  .action(answering(print))
command('schema', 'prints the JSON Schema of configurations').action(answering(schema))

await program.parseAsync()

function command(name: string, about: string): Command {
  const registry = 'a module whose default export is an array of kinds that `use` can name'
  const envFile = 'variables, for those that the environment does not have'
  return program.command(name).description(about).option('--registry <module>', registry).option('--env-file <file>', envFile)
}

/** Prints what a command answers, or what is wrong. */
function answering<A extends unknown[]>(answer: (...args: A) => Promise<string>): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      process.stdout.write(`${await answer(...args)}\n`)
    } catch (error) {
      process.stderr.write(`${complaints(error).join('\n')}\n`)
      process.exitCode = 1
    }
  }
}

function complaints(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.issues.map(lineOf)
  return [error instanceof Error ? error.message : String(error)]
}

function lineOf({ place, option, rule, value }: ConfigIssue): string {
  return `${place === undefined ? '' : `${place}  `}${option}  must be ${rule}, got ${describeValue(value)}`
}

function version(): string {
  const file = new URL(import.meta.resolve('@stratacache/config/package.json'))
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
