/** Whether to colour what goes to a stream: on a terminal, unless `NO_COLOR` is set. Source: https://no-color.org */
export function colourWanted(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): boolean {
  return stream.isTTY && (env.NO_COLOR ?? '') === '';
}
