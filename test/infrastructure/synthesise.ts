import { readFileSync } from 'node:fs'
import { deliveryApp } from '../../infra/delivery.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'

/** As the `cdk` command hands it over. */
const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'))

/** What `npm run synth` writes. */
export const synthesiseTo = (configuration: Configuration, outdir: string): void => {
  deliveryApp(configuration, { outdir, context }).synth()
}
