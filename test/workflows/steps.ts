import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type App, type Listener, listen } from '../../local/listen.ts'
import type { JobRun } from './act-log.ts'

/** What the node in front of the real one gives a step: variables to set, and values that stand for others. */
export type StepEnvironment = { env: Record<string, string>; replace: Record<string, string> }

/** Answers the steps of one run. */
export const stepServer = (
  find: (nonce: string) => Promise<JobRun>,
  give: (run: JobRun) => Promise<StepEnvironment>,
): Promise<Listener> => {
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.get('/:nonce', async (context) => context.json(await give(await find(context.req.param('nonce')))))
  app.get('/read/:nonce', async (context) => {
    await find(context.req.param('nonce'))
    return context.body(null, 204)
  })
  app.onError((error, context) => context.text(error.message, 500))
  return listen(app)
}
