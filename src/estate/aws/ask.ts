import type { Answer } from './AwsPort';
import { answerOf } from './answerOf';

/**
 * Asks AWS and gives an answer in any case: what `question` resolves to, or why it has none.
 * The signal ends the calls that are under way after `milliseconds`, retries included. It does not reach the call by which the SDK takes
 * a deploy role first, so that nobody waits for the question itself longer than that either.
 */
export async function ask<T>(
  milliseconds: number,
  question: (abortSignal: AbortSignal) => Promise<T>,
): Promise<Answer<T>> {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(new Error('late'));
    }, milliseconds);
  });
  try {
    return { ok: true, value: await Promise.race([question(signal), late]) };
  } catch (error) {
    if (signal.aborted) return { ok: false, why: 'timeout', message: `no answer within ${milliseconds / 1000} s` };
    return answerOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** What a question gives, or nothing where AWS answers with one of these errors: there is no such thing. */
export async function unlessMissing<T>(names: readonly string[], question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}
