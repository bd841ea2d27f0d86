/** A time as Kubernetes writes it. */
export function kubeTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
