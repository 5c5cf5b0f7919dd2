import { ECS, type Task } from '@aws-sdk/client-ecs'
import type { Step } from '../github/step.ts'
import { type Delivery, deliver } from './delivery.ts'
import { expect } from './deviation.ts'
import { adminOf } from './infrastructure.ts'
import { runningIn } from './prove.ts'
import { seconds } from './screen.ts'
import type { World } from './world.ts'

/** A commit that must not stay. */
export type Mistake = {
  name: string
  message: string
  path: string
  edit(text: string): string
  /** Services that fail because of it; what else was moved comes back with them. */
  fails: 'tasks and hosts' | 'functions'
  /** What the log must say of the cause. */
  cause: RegExp
  /** Of what the container itself says last. */
  lastWords: RegExp
}

const readsRates = "await import('node:fs/promises').then(({ readFile }) => readFile('rates.json'))\n"

export const crash: Mistake = {
  name: 'a commit that crashes',
  message: 'Read the rates at start',
  path: 'app/src/server.ts',
  edit: (text) => `${text}\n${readsRates}`,
  fails: 'tasks and hosts',
  cause: /exited with 1/,
  lastWords: /ENOENT: no such file or directory, open 'rates\.json'/,
}

export const neverHealthy: Mistake = {
  name: 'a commit that is never healthy',
  message: 'Rename the status of a ready instance',
  path: 'app/src/app.ts',
  edit: (text) => text.replace("instance.status === 'ready' ?", "String(instance.status) === 'available' ?"),
  fails: 'tasks and hosts',
  cause: /failed container health checks/,
  lastWords: /"message":"stopping"/,
}

export const functionCrash: Mistake = {
  name: 'a commit whose function does not start',
  message: 'Read the rates in the function',
  path: 'app/src/lambda.ts',
  edit: (text) => text.replace(/^import /m, `${readsRates}import `),
  fails: 'functions',
  cause: /exit status 1/,
  lastWords: /ENOENT: no such file or directory, open 'rates\.json'/,
}

/** The slowest that a cause may reach the screen after ECS has reported the dead task. */
const limit = 3_000

export type Rejected = { mistake: Mistake; delivery: Delivery; milliseconds: number }

const firstDead = async (world: World, delivery: Delivery): Promise<Task> => {
  const { environment, deploy } = delivery
  const cluster = environment.services[0]?.cluster ?? ''
  const ecs = new ECS(adminOf(world.cloud, environment))
  try {
    const { taskArns = [] } = await ecs.listTasks({ cluster, desiredStatus: 'STOPPED' })
    const { tasks = [] } = taskArns.length > 0 ? await ecs.describeTasks({ cluster, tasks: taskArns }) : {}
    const [first] = tasks
      .filter(({ startedBy, stoppedAt }) => startedBy === deploy.outputs['deployment'] && stoppedAt !== undefined)
      .toSorted((one, other) => Number(one.stoppedAt) - Number(other.stoppedAt))
    if (first !== undefined) return first
  } finally {
    ecs.destroy()
  }
  throw new Error(`ECS knows no stopped task of the deployment ${deploy.outputs['deployment']}`)
}

/** Milliseconds from ECS's report of a dead task to the line on the screen. */
const delay = ({ lines }: Step, line: RegExp, dead: Date): number => {
  const found = lines.find(({ text }) => line.test(text))
  expect(found !== undefined, `a line on the screen that matches ${line}`, 'there is none')
  return Math.max(0, found.at - dead.getTime())
}

/** Commits the mistake, delivers it, and shows that it comes back red, with its cause, to what ran before. */
export const reject = async (world: World, mistake: Mistake, before: Delivery): Promise<Rejected> => {
  const { screen, repository } = world
  const { environment } = before
  const commit = await repository.change(environment.branch, mistake.path, mistake.edit, mistake.message)
  screen.heading(`${environment.name}: push of ${commit.slice(0, 7)}, ${mistake.name}`)
  const delivery = await deliver(world, environment, commit)
  const { exitCode, outputs } = delivery.deploy
  const digest = Object.values(before.images)[0]?.digest
  expect(
    exitCode === 1 && outputs['outcome'] === 'failed-rolled-back',
    'failed-rolled-back',
    `it ended as ${outputs['outcome']}: ${outputs['reason']}`,
  )
  for (const [service, running] of runningIn(delivery)) {
    expect(running === digest, `${digest} to run again for ${service}`, `its platform reports ${running}`)
  }
  const shown = mistake.fails === 'functions' ? wordsOf(delivery.deploy, mistake) : await lateness(world, delivery, mistake)
  const services = [...runningIn(delivery).keys()].join(', ')
  screen.done(`red as it should be: ${outputs['outcome']}, ${digest} is running for ${services}`, delivery.milliseconds)
  screen.done(`cause on the screen ${shown}`)
  await repository.revert(environment.branch)
  return { mistake, delivery, milliseconds: delivery.milliseconds }
}

/** A function fails in the answer to its invocation, which is on the screen at once. */
const wordsOf = ({ lines }: Step, { cause, lastWords }: Mistake): string => {
  for (const words of [cause, lastWords]) {
    const isThere = lines.some(({ text }) => words.test(text))
    expect(isThere, `a line on the screen that matches ${words}`, 'there is none')
  }
  return 'before the version got any traffic'
}

const lateness = async (world: World, delivery: Delivery, { cause, lastWords }: Mistake): Promise<string> => {
  const dead = (await firstDead(world, delivery)).stoppedAt ?? new Date(0)
  const [causeAfter, wordsAfter] = [delay(delivery.deploy, cause, dead), delay(delivery.deploy, lastWords, dead)]
  const shown = `${seconds(causeAfter)} after ECS reported the first dead task, the container's last lines after ${seconds(wordsAfter)}`
  expect(Math.max(causeAfter, wordsAfter) <= limit, `the cause within ${seconds(limit)}`, `it was on the screen ${shown}`)
  return shown
}
