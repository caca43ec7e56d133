import { client } from '../openapi/hey_api/client.gen';
import { createFirstSession, getEngagement, updateSession } from '../openapi/hey_api';
import { ACCOUNT, CALL, Entity, Outcome, play } from './asking';

async function outcome<Reply>(
  base: string,
  send: () => Promise<{ data?: Reply; error?: Entity; response?: Response }>,
): Promise<Outcome<Reply>> {
  client.setConfig({ baseUrl: base });
  const { data, error, response } = await send();
  if (response === undefined) throw error;
  return error === undefined ? { status: response.status, reply: data as Reply } : { status: response.status, error };
}

play({
  getEngagement: (base) => outcome(base, () => getEngagement({ path: { accountId: ACCOUNT }, body: CALL })),
  createFirstSession: (base) =>
    outcome(base, () =>
      createFirstSession({ path: { accountId: ACCOUNT }, query: { v: '1.0' }, body: { appType: 'MSDK' } }),
    ),
  updateSession: (base, { visitorId, sessionId, pageId }) =>
    outcome<any>(base, () =>
      updateSession({ path: { accountId: ACCOUNT, visitorId }, query: { v: '1.0', sid: sessionId }, body: { pageId } }),
    ),
});
