/**
 * Lets output go nowhere once its reader has gone (`podlift validate | head -1`): the command runs to its end, and its exit code still
 * says what it found. Any other error of the streams is thrown.
 */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
