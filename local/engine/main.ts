import { stopEngine } from './daemon.ts'
import { ensureEngine } from './engine.ts'
import { enginePlace } from './place.ts'

const home = new URL('../../.slipway', import.meta.url).pathname
const say = (line: string) => console.error(line)

const environment = async () => {
  const { env } = await ensureEngine({ home, say, install: true, keep: true })
  for (const [name, value] of Object.entries(env)) console.log(`export ${name}='${value}'`)
}

const [command = 'env'] = process.argv.slice(2)
try {
  if (command === 'up' || command === 'env') await environment()
  else if (command === 'down') await stopEngine(enginePlace(home))
  else throw new Error(`unknown command "${command}"; allowed are up, down and env`)
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
