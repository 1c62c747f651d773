// The first piece of the frame (main.tsx): React alone. What is named is what the others use of it.
export { createRoot } from 'react-dom/client';
