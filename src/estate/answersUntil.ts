import { setMaxListeners } from 'node:events';
import type { Answer } from './aws/AwsPort';
import type { Ports } from './Ports';

/** The end of all questions, and how long each one may take. */
export interface AnswerTime {
  /** Aborted at the end. */
  readonly end: AbortSignal;
  /** Of the end: why there is no answer. */
  readonly message: string;
  /** Milliseconds after which one question is given up. */
  readonly each: number;
  /** Of one question: why there is no answer. */
  readonly eachMessage: string;
}

/**
 * Ports whose questions all have an answer in time. At the end, those that are under way are given up, later ones are not asked. A question that takes too
 * long is given up before, so that there is time for questions that follow from other answers. An account or a cluster that answered nothing in this time
 * is silent: no question to it is waited for any more.
 */
export function answersUntil(ports: Ports, { end, message, each, eachMessage }: AnswerTime): Ports {
  // Each question that is under way listens.
  setMaxListeners(0, end);
  const ended = after(message);
  end.addEventListener('abort', ended.now);
  const places = new Map<string, Place>();
  const limited = <P extends object>(port: P, name: string): P => {
    const place = places.get(name) ?? { answers: 0, silence: after(eachMessage) };
    places.set(name, place);
    const inTime = async (call: () => Promise<Answer<unknown>>): Promise<Answer<unknown>> => {
      if (end.aborted) return ended.answer;
      if (place.silence.isOver()) return place.silence.answer;
      const before = place.answers;
      const tooLong = after(eachMessage);
      const timer = setTimeout(() => {
        tooLong.now();
        if (place.answers === before) place.silence.now();
      }, each);
      const answer = call().then((one) => {
        if (one.ok || one.why !== 'timeout') place.answers += 1;
        return one;
      });
      return Promise.race([answer, tooLong.answer, place.silence.answer, ended.answer]).finally(() => {
        clearTimeout(timer);
      });
    };
    return new Proxy(port, {
      get: (target, key, receiver): unknown => {
        const method: unknown = Reflect.get(target, key, receiver);
        if (typeof method !== 'function') return method;
        return (...parts: readonly unknown[]): unknown =>
          inTime(async () => (await Reflect.apply(method, target, parts)) as Answer<unknown>);
      },
    });
  };
  return {
    aws: (account, region) => limited(ports.aws(account, region, end), `account ${account.key} ${region}`),
    kubernetes: (environment, cluster) =>
      limited(ports.kubernetes(environment, cluster, end), `cluster ${environment} ${cluster.key}`),
  };
}

/** An account in a region, or a cluster. */
interface Place {
  /** How many questions it answered. */
  answers: number;
  /** Over when it answered nothing while one question waited as long as a question may. */
  readonly silence: Wait;
}

/** A time that comes to an end: then there is the answer that there is none. */
interface Wait {
  readonly answer: Promise<Answer<never>>;
  readonly now: () => void;
  readonly isOver: () => boolean;
}

function after(message: string): Wait {
  let over = false;
  let end: (answer: Answer<never>) => void = () => undefined;
  const answer = new Promise<Answer<never>>((resolve) => (end = resolve));
  return {
    answer,
    now: () => {
      over = true;
      end({ ok: false, why: 'timeout', message });
    },
    isOver: () => over,
  };
}
