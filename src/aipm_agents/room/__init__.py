"""The room: runs looked at, seats taken and classes taught in a browser. The one door to Starlette and uvicorn."""
