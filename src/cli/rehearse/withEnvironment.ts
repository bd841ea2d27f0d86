/** Runs `work` while this process has the variables of `environment` and no others; then it has its own again. */
export async function withEnvironment<T>(
  environment: Readonly<Record<string, string | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  const own = { ...process.env };
  replaceWith(environment);
  try {
    return await work();
  } finally {
    replaceWith(own);
  }
}

function replaceWith(environment: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env))
    if (environment[name] === undefined) Reflect.deleteProperty(process.env, name);
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) process.env[name] = value;
}
