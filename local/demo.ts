import { addressesOf } from './demo/answers.ts'
import { reportBudgets } from './demo/budgets.ts'
import { Deviation } from './demo/deviation.ts'
import { createFarewell } from './demo/farewell.ts'
import { crash, functionCrash, neverHealthy, reject } from './demo/mistakes.ts'
import { deliverAgain, deliverEverywhere } from './demo/release.ts'
import { createScreen, seconds } from './demo/screen.ts'
import { runningEverywhere, showProofs, summary } from './demo/table.ts'
import { createWorld, type World } from './demo/world.ts'

const usage = `npm start [-- OPTIONS]

Builds the committed sample service once, delivers it to every environment of delivery.json on a local cloud,
lets a bad commit come back, and reports what the accounts spend. Needs a Docker engine with buildx, or root on Debian or Ubuntu.

  --keep   leaves cloud, engine and services running until Ctrl-C, and prints their addresses
  --all    also delivers a commit whose containers are never healthy, and one whose function does not start (about a minute more)`

const screen = createScreen(process.stdout)
/** For the end, when what is still under way must not be seen any more. */
const lastWords = createScreen(process.stdout)
const farewell = createFarewell(lastWords)

const keepRunning = async (world: World, inbox: string): Promise<void> => {
  screen.heading('Everything keeps running until Ctrl-C')
  screen.line(`Slack, here: ${inbox}`)
  for (const environment of world.setting.environments) {
    const { accessKeyId, secretAccessKey } = world.cloud.adminKey(environment.account)
    for (const { service, url } of addressesOf(world, environment)) screen.line(`${environment.name} ${service}: ${url}`)
    screen.line(`  AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_REGION=${environment.region}`)
  }
  screen.line(`AWS_ENDPOINT_URL=${world.cloud.endpoint}`)
  for (const [name, value] of Object.entries(world.dockerEnv)) if (name === 'DOCKER_HOST') screen.line(`${name}=${value}`)
  keeps = true
  await farewell.interrupted
}

/** How far it has come: what the end says depends on it. */
let world: World | undefined
let keeps = false

const demonstrate = async (options: string[]): Promise<void> => {
  const begun = performance.now()
  world = await createWorld(screen, farewell)
  const deliveries = await deliverEverywhere(world)
  const [first] = deliveries
  if (first === undefined) throw new Deviation('delivery.json has no environment')
  const rejected = [await reject(world, crash, first)]
  if (options.includes('--all')) {
    for (const mistake of [neverHealthy, functionCrash]) rejected.push(await reject(world, mistake, first))
  }
  await deliverAgain(world, first)
  const inbox = await reportBudgets(world, farewell)
  screen.heading('What was shown')
  for (const lines of [summary(deliveries, rejected), runningEverywhere(deliveries)]) {
    for (const line of lines) screen.line(line)
    screen.line('')
  }
  showProofs(screen, deliveries)
  screen.done(`all of it in ${seconds(performance.now() - begun)}`)
  if (options.includes('--keep')) await keepRunning(world, inbox)
}

/** One line a cause; where they come from interests nobody who runs a demonstration. */
const reasonsOf = (error: unknown): string[] =>
  error instanceof Error ? [error.message, ...(error instanceof Deviation ? [] : reasonsOf(error.cause))] : []

const leave = async (): Promise<void> => {
  const begun = performance.now()
  screen.mute()
  await farewell.run()
  if (!world) return
  const engine = world.isEngineOurs ? 'engine' : 'in your engine our images'
  const kept = `.slipway keeps unpacked programs and the base image${world.isEngineOurs ? '' : ', your engine its build cache'}`
  lastWords.line(`cloud, containers, temporary files and ${engine} are gone; ${kept} (${seconds(performance.now() - begun)})`)
}

const options = process.argv.slice(2)
const unknown = options.find((option) => !['--keep', '--all', '--help'].includes(option))
if (unknown !== undefined || options.includes('--help')) {
  console.log(unknown === undefined ? usage : `unknown option ${unknown}\n\n${usage}`)
  process.exit(unknown === undefined ? 0 : 1)
}

let exitCode = 0
try {
  const work = demonstrate(options)
  // After a signal what is under way fails as its ground is taken away; that is nobody's concern.
  work.catch(() => undefined)
  const signal = await Promise.race([work, farewell.interrupted])
  if (signal !== undefined) {
    lastWords.heading(`${signal}: cleaning up`)
    exitCode = keeps ? 0 : 130
  }
} catch (error) {
  exitCode = 1
  lastWords.heading('The demonstration failed')
  for (const reason of reasonsOf(error)) lastWords.failed(reason)
}
try {
  await leave()
} catch (error) {
  exitCode = 1
  for (const reason of reasonsOf(error)) lastWords.failed(`cleaning up: ${reason}`)
}
process.exit(exitCode)
