type Behaviour = {
  /** Status of `/healthz`, as an expression. */
  health?: string
  /** Milliseconds that it takes to answer. */
  healthTakes?: number
  /** Status of every other path, as an expression; `request` is Node's. */
  status?: string
  /** What is done first. */
  before?: string
}

const onSigterm = "process.on('SIGTERM', () => process.exit(0));"

/** A service of Node that answers its name on 8080, on `/version` in JSON, and on `/slow` after a time (3 s). */
const serve = (name: string, { health = '200', healthTakes = 0, status = '200', before = onSigterm }: Behaviour = {}): string =>
  `${before}
   const server = require('http').createServer((request, answer) => {
     const { pathname, searchParams } = new URL(request.url, 'http://x')
     const respond = (status, text) => { answer.statusCode = status; answer.end(text) }
     // As strict as many servers are with a check that names no host.
     if (request.headers.host === undefined) return respond(400, 'no host')
     if (pathname === '/healthz') return setTimeout(() => respond(${health}, '${name}'), ${healthTakes})
     if (pathname === '/version') return respond(200, JSON.stringify({ version: '${name}' }))
     if (pathname === '/environment') return respond(200, JSON.stringify(process.env))
     if (pathname === '/slow') return setTimeout(() => respond(200, '${name}'), Number(searchParams.get('ms') ?? 3000))
     respond(${status}, '${name}')
   })
   server.listen(8080, () => console.log('${name} is up'))`

/** Only requests that came through the proxy. */
const proxied = "request.headers['x-forwarded-for'] ? 500 : 200"

/** What the images of the tests of a host do, by tag. They exit on SIGTERM at once, as an app does that never thought of it. */
export const programs = {
  v1: serve('v1'),
  v2: serve('v2'),
  v3: serve('v3'),
  /** Healthy, and every answer but that is an error. */
  broken: serve('broken', { status: '500' }),
  /** Nothing is wrong with it until the switch. */
  turns: serve('turns', { status: proxied }),
  /** As an application under load. */
  drowsy: serve('drowsy', { healthTakes: 800 }),
  sick: serve('sick', { health: '503', before: `${onSigterm} console.log('waiting for the database, password hunter2hunter2')` }),
  /** More than a verdict has room for, in letters that JSON makes longer. */
  crash: `for (let line = 0; line < 60; line += 1) console.error('é"\\\\'.repeat(80))
    console.error('Error: no database')
    process.exitCode = 3`,
  hungry: "console.log('reading everything'); const all = []; for (;;) all.push(Buffer.alloc(8e6, 'x'))",
  hangs: "console.log('connecting'); setInterval(() => {}, 1000)",
  /** Ends only when it is killed. */
  stubborn: serve('stubborn', { before: "process.on('SIGTERM', () => {})" }),
  /** Dies a second after the first request that came through the proxy. */
  dies: serve('dies', {
    status:
      "setTimeout(() => request.headers['x-forwarded-for'] && (console.error('lost the database'), process.exit(1)), 1000) && 200",
  }),
  /** Evaluates what it is given as its command. */
  tool: 'eval(process.argv[1])',
} as const

export type HostVariant = keyof typeof programs
