// What reports need of the configuration beside policy and zone: departments with their sizes, and shared networks.
import type { ReportGround } from '../cli/app.ts';
import { personsIn } from '../subject/resolve.ts';
import type { Parts } from './installation.ts';

/** Gives the departments as counts are made by them, and tells how many networks are shared. */
export function composeReportGround({ config, opened }: Pick<Parts, 'config' | 'opened'>): ReportGround {
  const { directory, networks, departmentTree } = opened;
  const ownTenant = config.organization;
  return {
    tenants: [...new Set([ownTenant, ...opened.tenants])].sort(),
    departments: {
      departments: directory?.departments() ?? departmentTree,
      size(tenant, department, atMs) {
        if (directory !== null) return directory.size(tenant, department, atMs);
        return networks === null ? 0 : personsIn(networks, { tenant, department, atMs, ownTenant });
      },
    },
    sharedNetworks(tenant, fromMs, toMs) {
      const rows = (networks?.entries ?? []).filter(
        row =>
          row.shared !== false &&
          (row.tenant ?? ownTenant) === tenant &&
          row.fromMs < toMs &&
          fromMs < row.toMs,
      );
      return new Set(rows.map(({ cidr }) => cidr)).size;
    },
  };
}
