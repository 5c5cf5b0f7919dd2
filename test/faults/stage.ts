import { join } from 'node:path'
import type { Cloud } from '../../local/cloud.ts'
import type { RunningStep, Step } from '../../local/github/step.ts'

/** What can be told from outside after a step: a plain value, so that two of them can be compared. */
export type EndState = Record<string, unknown>

/** A cloud in which one delivery is about to happen. */
export type Stage = {
  cloud: Cloud
  /** The bundle as the runner starts it. `state` makes it the post step. */
  start(attempt: number, state?: Record<string, string>): RunningStep
  /** Waits until nothing moves any more. `objections` are the promises that the step has broken, each in a sentence. */
  conclude(step: Step): Promise<{ state: EndState; objections: string[] }>
  /** Secrets that must stay where they are. */
  secrets(): string[]
  /** Everything that the step left outside its memory: files, and arguments and environments of its children. */
  traces(): string[]
  close(): Promise<void>
}

export type Delivery = {
  name: string
  open(): Promise<Stage>
  /** How an undisturbed run ends; a green one may turn red by a fault, never a red one green. */
  green: boolean
}

/** How much faster than AWS everything goes. */
export const FACTOR = 50

/** Environment that makes a bundle's clock as fast as the cloud's. */
export const quick: Record<string, string> = {
  QUICK: String(FACTOR),
  NODE_OPTIONS: `--import=${join(import.meta.dirname, 'quick.ts')} --disable-warning=ExperimentalWarning`,
}

/** Longest time that a cell may take, in real milliseconds: the limits of its inputs, hanging requests included. */
export const LONGEST = 60_000
