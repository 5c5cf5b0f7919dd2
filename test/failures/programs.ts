/** Answers its name on port 8080. Everything but `/healthz` is answered at once. */
const serve = (name: string, health = '200'): string =>
  `console.log('${name} is up')
   require('http').createServer((request, answer) => {
     answer.statusCode = request.url === '/healthz' ? ${health} : 200
     answer.end('${name}')
   }).listen(8080)`

const onSigterm = "process.on('SIGTERM', () => process.exit(0));"

/** What the images of these tests do: Node programs, run as they are. */
export const programs = {
  v1: `${onSigterm} ${serve('v1')}`,
  v2: `${onSigterm} ${serve('v2')}`,
  v3: `${onSigterm} ${serve('v3')}`,
  /** Runs on until it is killed. */
  stubborn: `process.on('SIGTERM', () => {}); ${serve('stubborn')}`,
  crash: "console.error('Error: no database'); process.exit(3)",
  sick: `${onSigterm} ${serve('sick', '500')}; console.log('waiting for the database')`,
  hungry: "console.log('reading everything'); const all = []; for (;;) all.push(Buffer.alloc(8e6, 'x'))",
  /** Long enough to be RUNNING, not long enough to replace what drains. */
  dies: `${onSigterm} ${serve('dies')}; setTimeout(() => { console.error('lost the database'); process.exit(1) }, 4000)`,
  /** Not healthy for as long as a test takes. */
  slow: `${onSigterm} ${serve('slow', 'process.uptime() > 600 ? 200 : 503')}`,
  lost: `${onSigterm} ${serve('lost')}`,
  migrate: "console.error('relation does not exist'); process.exit(5)",
}

/** An image by its tag; `absent` is one that no registry has. */
export type Variant = keyof typeof programs | 'absent'

/** With it a task counts only once it answers: a crash is a crash, however long a busy machine takes to get there. */
export const healthCheck = {
  command: ['CMD', '/bin/node', '-e', "fetch('http://127.0.0.1:8080/healthz').then(({ ok }) => process.exit(ok ? 0 : 1))"],
  interval: 5,
  timeout: 20,
  retries: 2,
}
