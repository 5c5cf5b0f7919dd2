import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'

/**
 * The `delivery.json` that this repository ships, and that its pages speak of. Whoever takes the repository writes their own at its
 * root; the tests of what it can do must hold there too, so they read this copy.
 */
export const EXAMPLE_FILE = join(import.meta.dirname, 'delivery.json')

export const exampleText = (): string => readFileSync(EXAMPLE_FILE, 'utf8')

export const exampleConfiguration = (): Configuration => parseConfiguration(exampleText())
