/** For the test that kills: opens the library of a folder and writes, until it is killed or done. */
import { openTestWriter, plainPolicy } from './writer.fixture.ts';

const [folder = '', ...values] = process.argv.slice(2);
const test = openTestWriter(undefined, folder);
await test.writer.recover();
const names = test.storage.database.prepare('SELECT id, relative_path AS name FROM tracks').all() as {
  id: number;
  name: string;
}[];
const orders = [];
for (const { id, name } of names) {
  orders.push({
    trackId: id,
    fields: [{ field: 'genre', before: await test.values(name), after: values } as const],
  });
}
process.send?.('begin');
const batch = await test.writer.apply(orders, plainPolicy);
await test.writer.settled(batch.id);
process.send?.('done');
process.disconnect();
await test.writer.close();
