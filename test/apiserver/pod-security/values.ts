export const baseline =
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  );
export const sysctls = {
  'kernel.shm_rmid_forced': '1',
  'net.ipv4.ip_local_port_range': '1024 65535',
  'net.ipv4.ip_local_reserved_ports': '8080',
  'net.ipv4.ip_unprivileged_port_start': '0',
  'net.ipv4.ping_group_range': '0 1',
  'net.ipv4.tcp_fin_timeout': '60',
  'net.ipv4.tcp_keepalive_intvl': '60',
  'net.ipv4.tcp_keepalive_probes': '5',
  'net.ipv4.tcp_keepalive_time': '600',
  'net.ipv4.tcp_rmem': '4096 87380 16777216',
  'net.ipv4.tcp_syncookies': '1',
  'net.ipv4.tcp_wmem': '4096 87380 16777216',
  'net/ipv4/tcp_syncookies': '1',
  'net.core.somaxconn': '1024',
  'kernel.msgmax': '65536',
};
export const volumeSources: Readonly<Record<string, object>> = {
  configMap: { name: 'c' },
  csi: { driver: 'csi.example' },
  downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] },
  emptyDir: {},
  ephemeral: {
    volumeClaimTemplate: {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  },
  image: { reference: 'registry.example/data:1' },
  persistentVolumeClaim: { claimName: 'c' },
  projected: { sources: [{ configMap: { name: 'c' } }] },
  secret: { secretName: 's' },
  hostPath: { path: '/var/log' },
  gitRepo: { repository: 'https://git.example/r' },
  nfs: { server: 'files.example', path: '/' },
  iscsi: { targetPortal: '10.0.0.1:3260', iqn: 'iqn.2001-04.com.example:storage', lun: 0 },
  glusterfs: { endpoints: 'e', path: 'p' },
  rbd: { monitors: ['10.0.0.1'], image: 'i' },
  cephfs: { monitors: ['10.0.0.1'] },
  cinder: { volumeID: 'v' },
  fc: { targetWWNs: ['50060e801049cfd1'], lun: 0 },
  flexVolume: { driver: 'example/driver' },
  flocker: { datasetName: 'd' },
  gcePersistentDisk: { pdName: 'd' },
  awsElasticBlockStore: { volumeID: 'v' },
  azureDisk: { diskName: 'd', diskURI: 'https://account.blob.example/vhds/d.vhd' },
  azureFile: { secretName: 's', shareName: 'f' },
  photonPersistentDisk: { pdID: 'd' },
  portworxVolume: { volumeID: 'v' },
  quobyte: { registry: 'registry.example:7861', volume: 'v' },
  scaleIO: { gateway: 'https://gateway.example', system: 's', secretRef: { name: 's' }, volumeName: 'v' },
  storageos: { volumeName: 'v' },
  vsphereVolume: { volumePath: '[d] v' },
};
const http = { port: 8080, host: 'localhost' };
const tcp = { port: 8080, host: 'db.example' };
/** Probes and hooks, by a name of their own. */
export const handlers: Readonly<Record<string, object>> = {
  'no host': { livenessProbe: { httpGet: { port: 8080, host: '' } }, readinessProbe: { tcpSocket: { port: 8080 } } },
  'no host to have': { livenessProbe: { grpc: { port: 8080 } }, lifecycle: { preStop: { sleep: { seconds: 1 } } } },
  'liveness http': { livenessProbe: { httpGet: http } },
  'readiness http': { readinessProbe: { httpGet: http } },
  'startup http': { startupProbe: { httpGet: http } },
  'liveness tcp': { livenessProbe: { tcpSocket: tcp } },
  'readiness tcp': { readinessProbe: { tcpSocket: tcp } },
  'startup tcp': { startupProbe: { tcpSocket: tcp } },
  'postStart http': { lifecycle: { postStart: { httpGet: http } } },
  'postStart tcp': { lifecycle: { postStart: { tcpSocket: tcp } } },
  'preStop http': { lifecycle: { preStop: { httpGet: http } } },
  'preStop tcp': { lifecycle: { preStop: { tcpSocket: tcp } } },
};
export const seLinux: Readonly<Record<string, object>> = {
  container_t: { type: 'container_t' },
  container_engine_t: { type: 'container_engine_t', level: 's0:c1' },
  init: { type: 'container_init_t', user: '', role: '' },
  kvm: { type: 'container_kvm_t' },
  spc_t: { type: 'spc_t' },
  user: { user: 'system_u' },
  role: { role: 'system_r', type: 'container_t' },
  nothing: { type: '' },
};
export const profiles: Readonly<Record<string, object>> = {
  RuntimeDefault: { type: 'RuntimeDefault' },
  Localhost: { type: 'Localhost', localhostProfile: 'p' },
  Unconfined: { type: 'Unconfined' },
};
/** Annotation → the profile that the field may have beside it. */
export const appArmorAnnotations = {
  unconfined: 'Unconfined',
  'runtime/default': 'RuntimeDefault',
  'localhost/p': 'Localhost',
};
