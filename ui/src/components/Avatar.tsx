import { useState } from 'react';
import styles from './Avatar.module.css';

/** A person: the picture, or the first letter of the name. For the eye alone: the name stands beside it. */
export function Avatar({ name, picture, size = 40 }: { name: string; picture?: string | null | undefined; size?: number }) {
  const [broken, setBroken] = useState<string | null>(null);
  // Pictures from elsewhere are not loaded: they would tell strangers who looks at the page.
  const shown = picture?.startsWith('/') && picture !== broken ? picture : null;
  return (
    <span className={styles.avatar} style={{ width: size, height: size, fontSize: size * 0.42 }} aria-hidden="true">
      {shown ? <img src={shown} alt="" onError={() => setBroken(shown)} /> : name.trim().charAt(0).toUpperCase() || '?'}
    </span>
  );
}
