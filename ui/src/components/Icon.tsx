/** One picture of the icon set. */

import { useEffect, useState } from 'react';
import parts from 'virtual:icons';
import { chunkOf, packageName } from '@/data/iconNames';
import styles from './Icon.module.css';

export interface IconProps {
  /** A path of `@mdi/js`, for icons that the code names. */
  path: string;
  /** Pixels; 24 without it. */
  size?: number;
  /** Words for those who cannot see it; without them it is decoration. */
  label?: string;
  className?: string | undefined;
}

export function Icon({ path, size = 24, label, className }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      className={`${styles.icon} ${className ?? ''}`}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <path d={path} />
    </svg>
  );
}

const known = new Map<string, string>();

/** The path of an icon by its name (`mdi:lamp`); null: there is none of that name. */
export async function loadIcon(name: string): Promise<string | null> {
  if (!name.startsWith('mdi:')) return null;
  const cached = known.get(name);
  if (cached !== undefined) return cached;
  const key = packageName(name.slice(4));
  const usual = (await import('virtual:icons/usual')).default[key];
  const path = usual ?? (await parts[chunkOf(key)]!()).default[key] ?? null;
  if (path !== null) known.set(name, path);
  return path;
}

/** An icon by name, as entities, areas and cards have them; `fallback` stands there until it is loaded, and if there is none. */
export function NamedIcon({ name, fallback, ...rest }: Omit<IconProps, 'path'> & { name: string | null | undefined; fallback: string }) {
  const [loaded, setLoaded] = useState<{ name: string; path: string | null } | null>(null);
  const ready = name ? known.get(name) : undefined;
  useEffect(() => {
    if (!name || known.has(name)) return undefined;
    let wanted = true;
    // Without the file (offline, an older build) the fallback stays.
    loadIcon(name).then((path) => wanted && setLoaded({ name, path }), () => undefined);
    return () => {
      wanted = false;
    };
  }, [name]);
  const path = ready ?? (loaded?.name === name ? loaded?.path : null) ?? (name ? '' : fallback);
  const missing = loaded?.name === name && loaded?.path === null;
  return <Icon path={missing ? fallback : path} {...rest} />;
}
