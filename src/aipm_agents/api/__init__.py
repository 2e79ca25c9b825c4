"""What stands behind `import aipm_agents as aipm`: runs, studies and reports as objects. Documented in docs/api.md."""
