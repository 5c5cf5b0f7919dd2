import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { Refusal } from '../lib/refusal.ts'
import { deliveryApp } from './delivery.ts'

/** Started by `cdk`, which reads `cdk.json`; `DELIVERY` names another configuration. */
const file = process.env['DELIVERY'] ?? join(import.meta.dirname, '..', 'delivery.json')

try {
  deliveryApp(parseConfiguration(readFileSync(file, 'utf8'), file)).synth()
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  console.error(error.message)
  process.exitCode = 1
}
