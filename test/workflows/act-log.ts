import { unguard } from './data-in-act.ts'

/** One line of `act --json`, as far as it is read. */
type Entry = {
  /** `workflow/job`, or `calling job/workflow/job` for a job of a called workflow. */
  job?: string
  jobID?: string
  msg?: string
  command?: string
  name?: string
  arg?: string
  content?: string
  step?: string
  stepID?: string[]
  stage?: string
  stepResult?: string
  jobResult?: string
  raw_output?: boolean
}

export type StepRun = { step: string; stage: string; result: string }

/** What act has said of one job so far. */
export type JobRun = {
  path: string
  id: string
  /** Text that its steps printed. */
  log: string
  summary: string
  steps: StepRun[]
  /** Outputs by the step's id. */
  outputs: Record<string, Record<string, string>>
  result: 'success' | 'failure' | undefined
}

/** Text that the node in front of the real one prints, so that a process finds its job in act's log. */
const NONCE = /slipway-step ([0-9a-f]{32})/

export type ActLog = {
  jobs: Map<string, JobRun>
  /** Lines that belong to no job: act's own errors. */
  rest: string[]
  add(line: string): void
  /** The job in whose output the nonce stands; waits for it. */
  jobOf(nonce: string): Promise<JobRun>
}

export const actLog = (): ActLog => {
  const jobs = new Map<string, JobRun>()
  const rest: string[] = []
  const found = new Map<string, JobRun>()
  const waiting = new Map<string, (job: JobRun) => void>()

  const jobAt = (path: string, id: string): JobRun => {
    const standing = jobs.get(path)
    if (standing) return standing
    const made: JobRun = { path, id, log: '', summary: '', steps: [], outputs: {}, result: undefined }
    jobs.set(path, made)
    return made
  }

  const take = (job: JobRun, entry: Entry): void => {
    const { msg = '', step = '', stepID = [], command } = entry
    const [nonce] = NONCE.exec(msg)?.slice(1) ?? []
    if (nonce !== undefined) {
      found.set(nonce, job)
      waiting.get(nonce)?.(job)
      return
    }
    if (command === 'set-output') {
      const id = stepID.join('/')
      job.outputs[id] = { ...job.outputs[id], [entry.name ?? '']: unguard(entry.arg ?? '') }
    }
    if (command === 'summary') job.summary += entry.content ?? ''
    // Commands of the runner (::error::, ::notice::) are not raw output, and are what a person sees.
    if (entry.raw_output || /^::|^ {2}[❗🚧💬]/u.test(msg)) job.log += msg.endsWith('\n') ? msg : `${msg}\n`
    if (entry.stepResult !== undefined) job.steps.push({ step, stage: entry.stage ?? '', result: entry.stepResult })
    if (entry.jobResult !== undefined) job.result = entry.jobResult === 'success' ? 'success' : 'failure'
  }

  return {
    jobs,
    rest,
    add: (line) => {
      let entry: Entry
      try {
        entry = JSON.parse(line) as Entry
      } catch {
        rest.push(line)
        return
      }
      if (entry.job === undefined || entry.jobID === undefined) rest.push(entry.msg ?? line)
      else take(jobAt(entry.job.trim(), entry.jobID), entry)
    },
    jobOf: (nonce) =>
      new Promise((resolve, reject) => {
        const known = found.get(nonce)
        if (known) return resolve(known)
        waiting.set(nonce, resolve)
        setTimeout(() => reject(new Error('act did not say which job a step belongs to')), 15_000).unref()
      }),
  }
}
