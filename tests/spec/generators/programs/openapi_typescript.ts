// There are types only: the calls are made by hand, and the types say what they carry and bring.
import type { components, operations } from '../openapi/types';
import { ACCOUNT, CALL, Outcome, play } from './asking';

type Answers<Operation extends keyof operations> = operations[Operation]['responses'];
type Reply<Operation extends keyof operations> = Answers<Operation>[200] extends { content: infer Content }
  ? Content extends { 'application/json': infer Body } ? Body : void
  : void;
type Refusal = Answers<'getEngagement'>[400 | 401 | 404 | 413 | 415 | 500 | 503]['content']['application/json'];

async function sent<Operation extends keyof operations>(
  url: string,
  method: string,
  body: unknown,
): Promise<Outcome<Reply<Operation>>> {
  const options = { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, options);
  const text = await answer.text();
  const value = text ? JSON.parse(text) : undefined;
  if (answer.status === 200) return { status: 200, reply: value as Reply<Operation> };
  return { status: answer.status, error: value as Refusal };
}

const asked: components['schemas']['GetEngagementRequest'] = CALL;
const opened: components['schemas']['CreateSessionRequest'] = { appType: 'MSDK' };
const version: operations['updateSession']['parameters']['query']['v'] = '1.0';

play({
  getEngagement: (base) => sent<'getEngagement'>(`${base}/api/account/${ACCOUNT}/getEngagement`, 'POST', asked),
  createFirstSession: (base) =>
    sent<'createFirstSession'>(
      `${base}/api/account/${ACCOUNT}/app/engagement/visitors/?v=${version}`, 'POST', opened,
    ),
  updateSession: (base, { visitorId, sessionId, pageId }) => {
    const update: components['schemas']['UpdateSessionRequest'] = { pageId };
    const path = `/api/account/${ACCOUNT}/app/engagement/visitors/${visitorId}?v=${version}&sid=${sessionId}`;
    return sent<'updateSession'>(base + path, 'PUT', update);
  },
});
