/** Where the API server of the node writes its audit log. */
export const auditLogFile = '/var/log/kubernetes/audit.log';
