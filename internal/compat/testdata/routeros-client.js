// What routeros-client documents, step by step; each prints a line {"step", "result"} or {"step", "error"}.
const { RouterOSClient } = require('routeros-client');

const [host, port] = process.argv[2].split(':');
const tls = process.argv[3] === 'tls' ? { rejectUnauthorized: false } : undefined;

const tell = (step, outcome) => console.log(JSON.stringify({ step, ...outcome }));
const attempt = async (step, action) => {
    try {
        tell(step, { result: await action() });
    } catch (e) {
        tell(step, { error: e.message || String(e) });
    }
};
// It throws at some replies where nobody can catch it; the program then says so and ends.
process.on('uncaughtException', (e) => {
    tell('uncaught', { error: `${e.errno}: ${e.message}` });
    process.exit(0);
});

const client = (password) => {
    const api = new RouterOSClient({ host, port: Number(port), tls, user: 'admin', password, timeout: 20 });
    api.on('error', () => {}); // told by the promise as well
    return api;
};

(async () => {
    await attempt('wrong password', () => client('wrong').connect().then(() => 'connected'));
    const api = client('sesam');
    const menus = await api.connect();
    const nat = () => menus.menu('/ip firewall nat');
    const brief = (r) => r && [r.id, r.chain, r.comment, r.disabled];
    const all = (rows) => rows.map(brief);

    await attempt('identity', () => menus.menu('/system identity').getOnly().then((r) => r.name));
    await attempt('add', () => nat().add({ chain: 'dstnat', comment: 'a', protocol: 'tcp', dstPort: 80 }).then((r) => [...brief(r), r.dstPort]));
    await attempt('add another', () => nat().add({ chain: 'srcnat', comment: 'b', disabled: true }).then(brief));
    await attempt('print', () => nat().get().then(all));
    await attempt('where', () => nat().where('chain', 'srcnat').get().then(all));
    await attempt('orWhere', () => nat().where('comment', 'a').orWhere('comment', 'b').only(['id', 'comment']).get().then(all));
    await attempt('whereNot', () => nat().whereNot('comment', 'a').get().then(all));
    await attempt('whereEmpty', () => nat().whereEmpty('protocol').get().then(all));
    await attempt('update', () => nat().where('id', '*1').update({ comment: 'c', toAddresses: '192.168.128.1' }).then(brief));
    await attempt('unset', () => nat().where('id', '*1').unset('toAddresses').then((r) => r.toAddresses === undefined));
    await attempt('disable', () => nat().disable('*1').then(brief));
    await attempt('model', () => nat().getModel().then((rows) => rows[1].enable()).then(brief));
    await attempt('move', () => nat().move('*2', '*1').then(brief));
    await attempt('moved', () => nat().get().then(all));
    await attempt('place-before', () => nat().add({ chain: 'dstnat', comment: 'p', placeBefore: '*1' }).then(brief));
    await attempt('refused', () => nat().add({ chain: 'dstnat', colour: 'red' }));

    await attempt('listen', () => new Promise((resolve, reject) => {
        const heard = [];
        const stream = nat().only(['id', 'comment']).stream('listen', (error, row) => {
            if (error) return reject(error);
            if (Array.isArray(row)) return; // nothing came for a while
            heard.push([row.id, row.comment, row.dead]);
            if (heard.length < 3) return;
            stream.stop().then(() => resolve(heard), reject);
        });
        nat().update({ comment: 'l' }, '*2').then(() => nat().add({ chain: 'dstnat', comment: 'n' }))
            .then((r) => nat().remove(r.id)).catch(reject);
    }));
    await attempt('remove', () => nat().remove('*3').then(brief));
    await attempt('remove more', () => nat().remove('*1,*2').then(all));
    await attempt('print of nothing', () => nat().get().then(all));
    await attempt('close', () => api.close().then(() => 'closed'));
    process.exit(0);
})();
