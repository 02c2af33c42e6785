export { defineConfig } from './define-config.ts'
export { loadConfig } from './load-config.ts'
