import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Patience for a busy machine: what is loaded when it is shown may take a while; nothing here is about speed.
configure({ asyncUtilTimeout: 30_000 });

afterEach(cleanup);
