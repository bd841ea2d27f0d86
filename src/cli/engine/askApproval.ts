import { createInterface } from 'node:readline';

/** Asks on the terminal as Terraform does. False for every answer but `yes`, for Ctrl-C and for the end of the input. */
export async function askApproval(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Promise<boolean> {
  const lines = createInterface({ input, output });
  return new Promise((resolve) => {
    lines.on('SIGINT', () => {
      lines.close();
    });
    lines.on('close', () => {
      resolve(false);
    });
    lines.question(QUESTION, (answer) => {
      resolve(answer.trim() === 'yes');
      lines.close();
    });
  });
}

/** The words of `terraform apply`. */
const QUESTION = `Do you want to perform these actions?
  podlift will apply the plans above.
  Only 'yes' will be accepted to approve.

  Enter a value: `;
