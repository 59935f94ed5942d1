/** What is wrong in the files, and where. */
export interface Problem {
  severity: 'fatal' | 'error' | 'warning';
  file: string | null;
  line: number | null;
  column: number | null;
  path: string;
  message: string;
  hint: string | null;
}

/** `marge/system/info` */
export interface SystemInfo {
  version: string;
  ha_version: string;
  can_restart: boolean;
  login: {
    open: boolean;
    providers: string[];
    trusted_networks: { networks: string[]; restricted: string[]; bypass: boolean } | null;
    trusted_proxies: string[];
    ban_after: number | null;
    encrypted: boolean;
  };
  problems: Problem[];
  broken_parts: { module: string; reason: string }[];
}
