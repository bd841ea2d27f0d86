// Commands run inside jest write as to a pipe, wherever jest itself writes: a terminal has colours, progress and a width of its own.
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
for (const stream of [process.stdout, process.stderr]) {
  Object.defineProperty(stream, 'isTTY', { value: false, configurable: true });
  Object.defineProperty(stream, 'columns', { value: undefined, configurable: true });
}
