import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type Load = {
  requests: number
  slow: number
  /** What went wrong, each with its path and time. */
  failures: string[]
  /** Answers by what answered. */
  answers: Record<string, number>
}

type Options = {
  fast?: number
  slow?: number
  /** Milliseconds that a slow request takes. */
  slowFor?: number
  /** Milliseconds that a fast client waits between its requests. */
  pause?: number
}

type Answer = { status: number; text: string }

const get = (agent: Agent, url: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { agent, timeout: 70_000 }, (answer) => {
      let text = ''
      answer.on('data', (data) => {
        text += data
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', reject)
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer for 70 s')))
    sent.on('error', reject)
    sent.end()
  })

/**
 * Clients that each keep one connection and never try again: eight that ask all the time, four that wait three seconds for every
 * answer. `stop` resolves when the last request has ended; with `cut`, requests in flight are given up and count no more.
 */
export const startLoad = (address: string, { fast = 8, slow = 4, slowFor = 3000, pause = 5 }: Options = {}) => {
  const load: Load = { requests: 0, slow: 0, failures: [], answers: {} }
  let over = false
  let given = false
  const agents: Agent[] = []
  const client = async (path: string, wait: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    agents.push(agent)
    while (!over) {
      load.requests += 1
      if (path !== '/') load.slow += 1
      try {
        const { status, text } = await get(agent, `${address}${path}`)
        if (status !== 200) load.failures.push(`${new Date().toISOString()} ${path}: ${status} ${text.slice(0, 80)}`)
        load.answers[text.slice(0, 20)] = (load.answers[text.slice(0, 20)] ?? 0) + 1
      } catch (error) {
        if (given) return
        load.failures.push(`${new Date().toISOString()} ${path}: ${error instanceof Error ? error.message : error}`)
      }
      await sleep(wait)
    }
    agent.destroy()
  }
  const clients = [
    ...Array.from({ length: fast }, () => client('/', pause)),
    ...Array.from({ length: slow }, () => client(`/slow?ms=${slowFor}`, pause)),
  ]
  return {
    load,
    stop: async (cut = false): Promise<Load> => {
      over = true
      given = cut
      if (cut) for (const agent of agents) agent.destroy()
      await Promise.all(clients)
      return load
    },
  }
}
