from aipm_agents.cli import main

main()
