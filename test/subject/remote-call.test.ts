import { describe, expect, test } from 'vitest';
import { remoteCallOf } from '../../src/subject/remote-call.ts';

describe('remoteCallOf', () => {
  test.each<[command: string, host: string]>([
    ['curl -fsS http://db:8080/healthz', 'db'],
    ['curl -sm 5 -o /dev/null https://user:pw@db.shop.svc/x?a=@b', 'db.shop.svc'],
    ['curl --max-time 5 db/health', 'db'],
    ['curl http://localhost/a http://db/b', 'db'],
    ['curl http://[2001:db8::1]:80/', '2001:db8::1'],
    ['curl --silent --no-progress-meter --retry 3 --retry-connrefused db/health', 'db'],
    ['curl --noproxy * -H Host:x --fail http://db/', 'db'],
    ['curl --proxy http://proxy:3128 http://db/', 'db'],
    ['wget -qO- http://auth/', 'auth'],
    ['wget -nv -T 5 --header Host:x --spider auth', 'auth'],
    ['nc -zw 3 db 5432', 'db'],
    ['ncat --wait 3 --zero db 5432', 'db'],
    ['wget -q -O /dev/null auth:80', 'auth'],
    ['nc -z -w 3 db 5432', 'db'],
    ['ncat -zv db 5432', 'db'],
    ['telnet db 25', 'db'],
    ['ping -c 1 10.0.0.1', '10.0.0.1'],
    ['psql -h db -c select', 'db'],
    ['psql -hdb', 'db'],
    ['psql --host=db', 'db'],
    ['psql postgresql://me:pw@db/shop', 'db'],
    ['pg_isready --host db', 'db'],
    ['mysqladmin ping -h db', 'db'],
    ['redis-cli -h cache ping', 'cache'],
    ['redis-cli -u redis://cache:6379', 'cache'],
    ['mongosh mongodb://db/admin', 'db'],
    ['grpc_health_probe -addr=other:50051', 'other'],
  ])('%s asks %s', (command, host) => {
    const words = command.split(' ');
    expect(remoteCallOf(words)).toEqual({ client: words[0], host });
  });

  test.each([
    'curl -f http://localhost:8080/',
    'curl -f http://127.0.0.1:8080/',
    'curl -f http://[::1]:8080/',
    'curl localhost:8080/healthz',
    'curl -H Host:shop.example http://localhost/',
    'curl -o out.txt localhost',
    'curl http://$POD_IP:8080/',
    'curl http://$:8080/',
    'curl --unix-socket /run/app.sock http://app/',
    'curl --noproxy * http://localhost:9000/',
    'curl --proxy http://proxy:3128 http://localhost/',
    'curl --connect-timeout 5 --connect-to shop:80:localhost:8080 --referer http://shop/ localhost',
    'curl --option-of-next-year value http://localhost/',
    'curl -h all',
    'curl --version',
    'wget -T 5 --header Host:x --user-agent probe http://127.0.0.1/',
    'wget -Y off -q localhost',
    'wget -U probe -t 1 localhost',
    'nc -i 1 -w 2 localhost 80',
    'ncat --wait 3 --source-port 99 localhost 80',
    'wget --spider -q 0.0.0.0:80',
    'nc -z localhost 5432',
    'nc -zU /run/app.sock',
    'nc -l 8080',
    'psql -U postgres -c select',
    'psql -h /var/run/postgresql',
    'mysqladmin ping -hlocalhost -uroot',
    'mysqladmin ping -h 127.0.0.1',
    'redis-cli ping',
    'mongosh --eval db.adminCommand admin',
    'grpc_health_probe -addr=:50051',
    'pgrep db',
    '',
  ])('%s contacts no other host', (command) => {
    expect(remoteCallOf(command.split(' '))).toBeUndefined();
  });
});
