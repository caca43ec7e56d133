import { createFirstSession, getEngagement, updateSession } from '../openapi/orval/fetch';
import { ACCOUNT, CALL, Entity, Outcome, play } from './asking';

// The client sends to paths; a page would be served from the same host.
const send = globalThis.fetch;
let host = '';
globalThis.fetch = (path, options) => send(host + path, options);

async function outcome<Reply>(
  base: string,
  call: () => Promise<{ status: 200; data: Reply } | { status: 400 | 401 | 404 | 413 | 415 | 500 | 503; data: Entity }>,
): Promise<Outcome<Reply>> {
  host = base;
  const answer = await call();
  if (answer.status === 200) return { status: answer.status, reply: answer.data };
  return { status: answer.status, error: answer.data };
}

play({
  getEngagement: (base) => outcome(base, () => getEngagement(ACCOUNT, CALL)),
  createFirstSession: (base) => outcome(base, () => createFirstSession(ACCOUNT, { appType: 'MSDK' }, { v: '1.0' })),
  updateSession: (base, { visitorId, sessionId, pageId }) =>
    outcome<any>(base, () => updateSession(ACCOUNT, visitorId, { pageId }, { v: '1.0', sid: sessionId })),
});
