/** Only a process that is killed without a signal that it can handle loses changes, at most those of this time, in milliseconds. */
const SAVE_EVERY_MS = 5000;

/** What a sandbox saves: its AWS as text, and two ways to write it. */
export interface Saved {
  readonly text: () => string;
  readonly save: (text: string) => void;
  /** The last save; the sandbox ends after it. */
  readonly keep: (text: string) => void;
}

/**
 * Saves a sandbox's AWS before the process ends, whatever ends it: a signal (SIGINT, SIGTERM, SIGHUP), an uncaught error, an unhandled
 * rejection or `process.exit`. It also saves changes every five seconds, since no process can handle SIGKILL or the end of its memory. Terraform
 * states without their AWS would plan to create everything again. Returns a function that saves for the last time; it throws what `keep` throws.
 */
export function saveAtEnd({ text, save, keep }: Saved): () => void {
  let last = '';
  const timer = setInterval(() => {
    const now = text();
    if (now === last) return;
    save(now);
    last = now;
  }, SAVE_EVERY_MS);
  timer.unref();
  const finish = () => {
    clearInterval(timer);
    process.off('exit', atExit);
    keep(text());
  };
  // `process.exit`, an uncaught error and an unhandled rejection come here; the event allows synchronous work only.
  const atExit = () => {
    try {
      finish();
    } catch (error) {
      process.stderr.write(`podlift sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  process.on('exit', atExit);
  return finish;
}
