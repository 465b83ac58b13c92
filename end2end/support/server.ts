import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `switchboard init --json` prints. */
interface Made {
  organization: string;
  user: string;
  api_key: string;
  session: string;
  session_number: string;
}

/** A running server with an empty database of its own. */
export interface Server {
  baseURL: string;
  /** The owner's login. */
  email: string;
  password: string;
  organization: string;
  /** A key with every scope. */
  apiKey: string;
  /** The sandbox session, connected, and its WhatsApp number. */
  session: string;
  sessionNumber: string;
  /** All it has printed so far. */
  output(): string;
  /** Waits until it has printed something and answers the match. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Ends it at once, as a power cut would; the data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same data and the same port. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

export interface Options {
  /** False leaves the database empty, as on a first run; the login and key fields are blank then. */
  init?: boolean;
  /** More arguments for `switchboard serve`. */
  args?: string[];
  /** What it logs, as in `SWITCHBOARD_LOG`. */
  log?: string;
}

const OWNER = { email: 'owner@example.com', password: 'a long enough passphrase' };

/** Starts a server; prefer the `server` fixture of support/test.ts, which is shared by the tests of a worker. */
export async function startServer({ init = true, args = [], log }: Options = {}): Promise<Server> {
  const program = process.env.SWITCHBOARD_BIN;
  if (!program) throw new Error('SWITCHBOARD_BIN is not set; run the tests with `cargo xtask browser`');
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  const data = join(folder, 'data');
  let child: ChildProcess | undefined;
  // A worker that is torn down leaves nothing behind, also when it fails to start.
  process.once('exit', () => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const env = cleanEnvironment();
  const made: Partial<Made> = init ? await initialize(program, folder, data, env) : {};

  const port = await freePort();
  const baseURL = `http://127.0.0.1:${port}`;
  let text = '';

  const server: Server = {
    baseURL,
    ...(init ? OWNER : { email: '', password: '' }),
    organization: made.organization ?? '',
    apiKey: made.api_key ?? '',
    session: made.session ?? '',
    sessionNumber: made.session_number ?? '',
    output: () => text,
    printed: (pattern) => eventually(10_000, `no output like ${pattern}`, () => text.match(pattern)),
    async start() {
      const serving = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...args], {
        env: { ...env, SWITCHBOARD_PUBLIC_URL: baseURL, ...(log && { SWITCHBOARD_LOG: log }) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = serving;
      for (const stream of [serving.stdout, serving.stderr]) stream?.on('data', (chunk) => (text += chunk));
      serving.on('error', (error) => (text += String(error)));
      await eventually(30_000, 'the server is not ready', async () => {
        if (ended(serving)) throw new Error(`the server ended:\n${text}`);
        const answer = await fetch(`${baseURL}/health/ready`).catch(() => null);
        return answer?.ok;
      });
    },
    kill: () => end(child, 'SIGKILL'),
    async stop() {
      await end(child, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function initialize(program: string, folder: string, data: string, env: NodeJS.ProcessEnv): Promise<Made> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, OWNER.password);
  const { stdout } = await run(
    program,
    [
      ['init', '--data', data, '--json', '--sandbox', '--no-pacing'],
      ['--admin-email', OWNER.email, '--admin-password-file', passwordFile],
      ['--organization', 'Kopi Lestari', '--time-zone', 'Asia/Jakarta'],
    ].flat(),
    { env },
  );
  return JSON.parse(stdout);
}

/** Without the settings of whoever runs the tests, such as another database. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const foreign = ([name]: [string, unknown]) => name.startsWith('SWITCHBOARD_') && name !== 'SWITCHBOARD_SITE_DIR';
  return Object.fromEntries(Object.entries(process.env).filter((entry) => !foreign(entry)));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

function ended(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || ended(child)) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(impatience);
}

/** Asks again and again until there is an answer. */
export async function eventually<T>(
  patience: number,
  complaint: string,
  ask: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  const late = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > late) throw new Error(`${complaint} after ${patience / 1000} s`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
