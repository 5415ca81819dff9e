// What node-routeros documents, step by step; each prints a line {"step", "result"} or {"step", "error"}.
const { RouterOSAPI } = require('node-routeros');

const [host, port] = process.argv[2].split(':');
const tls = process.argv[3] === 'tls' ? { rejectUnauthorized: false } : undefined;
const nat = '/ip/firewall/nat';

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

const connect = (password) => new RouterOSAPI({ host, port: Number(port), tls, user: 'admin', password, timeout: 20 }).connect();

(async () => {
    await attempt('wrong password', () => connect('wrong').then(() => 'connected'));
    const api = await connect('sesam');
    const comments = (...query) => api.write(nat + '/print', ['=.proplist=comment', ...query]).then((rows) => rows.map((r) => r.comment));

    await attempt('add', () => api.write(nat + '/add', ['=chain=dstnat', '=comment=a', '=protocol=tcp', '=dst-port=80']));
    await attempt('add another', () => api.write([nat + '/add', '=chain=srcnat', '=comment=b']));
    await attempt('print', () => comments());
    await attempt('print with a query', () => comments('?chain=dstnat', '?protocol'));
    await attempt('print with operators', () => comments('?chain=dstnat', '?comment=b', '?#|', '?#!', '?#!'));
    await attempt('set', () => api.write(nat + '/set', ['=.id=*1', '=comment=c', '=disabled=yes']));
    await attempt('print one', () => api.write(nat + '/print', ['?.id=*1']).then(([r]) => [r.comment, r.disabled, r['dst-port']]));
    await attempt('refused', () => api.write(nat + '/set', ['=.id=*9', '=comment=x']));
    await attempt('unknown', () => api.write(nat + '/add', ['=chain=dstnat', '=colour=red']));

    await attempt('listen', () => new Promise((resolve, reject) => {
        const heard = [];
        const stream = api.stream([nat + '/listen', '=.proplist=.id,comment'], (error, row) => {
            if (error) return reject(error);
            if (Array.isArray(row)) return; // nothing came for a while
            heard.push(row);
            if (heard.length < 3) return;
            stream.stop().then(() => resolve(heard), reject);
        });
        api.write(nat + '/add', ['=chain=dstnat', '=comment=d'])
            .then(() => api.write(nat + '/set', ['=.id=*3', '=comment=e']))
            .then(() => api.write(nat + '/remove', ['=.id=*3'])).catch(reject);
    }));
    await attempt('after cancel', () => comments());
    await attempt('remove', () => api.write(nat + '/remove', ['=.id=*1,*2']));
    await attempt('print of nothing', () => comments());
    await attempt('close', () => api.close().then(() => 'closed'));
    process.exit(0);
})();
