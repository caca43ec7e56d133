// What each program does with its generated client, and tells as one line of JSON.
declare const process: { argv: string[] };

export const ACCOUNT = '56072331';

// The request of the getEngagement page. Each program hands it to its client, whose types must take it.
export const CALL = {
  appType: 'EXTERNAL' as const,
  vid: '123',
  sid: '456',
  appDetails: {
    os: 'MAC_OSX' as const,
    osVersion: '1.2',
    appVersion: '1.0',
    deviceFamily: 'MOBILE' as const,
    ipAddress: '192.168.5.2',
  },
  consumerSections: ['Support', 'English', 'Other'],
  engagementAttributes: [
    {
      type: 'personal' as const,
      personal: {
        contacts: [
          { email: 'test.com', phone: '12345678' },
          { email: 'test2.co.il', phone: '98765430' },
        ],
        age: { age: 30.0, year: 1985, month: 7, day: 22 },
        firstname: 'test',
        lastname: 'test2',
        gender: 'FEMALE' as const,
        company: 'liveperson',
      },
    },
  ],
};

// Base addresses: of the default scenario, of one without engagements, and of one that answers each error.
export interface Orders {
  base: string;
  notAvailable: string;
  errors: Record<string, string>;
}

export interface Ids {
  visitorId: string;
  sessionId: string;
  pageId: string;
}

export interface Entity {
  time: number;
  message?: string;
  internalCode: number;
}

export type Outcome<Reply> = { status: number; reply: Reply } | { status: number; error: Entity };

export interface Client {
  getEngagement(base: string): Promise<Outcome<Ids>>;
  createFirstSession(base: string): Promise<Outcome<Ids>>;
  updateSession(base: string, visit: Ids): Promise<Outcome<void>>;
}

export async function play(client: Client): Promise<void> {
  const orders: Orders = JSON.parse(process.argv[2]);
  const first = await client.createFirstSession(orders.base);
  if (!('reply' in first)) throw new Error(JSON.stringify(first));
  const errors: Record<string, unknown> = {};
  for (const [status, base] of Object.entries(orders.errors)) errors[status] = await client.getEngagement(base);
  console.log(
    JSON.stringify({
      seed: await client.getEngagement(orders.base),
      first,
      update: await client.updateSession(orders.base, first.reply),
      unknown: await client.updateSession(orders.base, { visitorId: 'nobody', sessionId: 'none', pageId: '1' }),
      notAvailable: await client.getEngagement(orders.notAvailable),
      errors,
    }),
  );
}
